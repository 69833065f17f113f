"use strict";
(function () {
const form = document.getElementById('filter'), fields = form.elements;
const charts = Array.from(document.querySelectorAll('.chart'), chart => ({chart, findings: Array.from(chart.querySelectorAll('.finding'), finding => ({finding, text: null}))}));
for (const rule of document.querySelectorAll('#rules [data-rule]')) {
  const option = document.createElement('option');
  option.value = rule.dataset.rule;
  option.textContent = rule.dataset.rule + ' ' + rule.dataset.name;
  fields.rule.append(option);
}
function words(chart, entry) {
  if (entry.text === null) entry.text = (chart.dataset.name + ' ' + entry.finding.dataset.path + ' ' +
    entry.finding.textContent).toLowerCase();
  return entry.text;
}
function apply() {
  const text = fields.text.value.trim().toLowerCase(), rule = fields.rule.value;
  const all = !text && !rule && fields.error.checked && fields.warning.checked && fields.info.checked &&
    !fields.fixable.checked;
  let shown = 0, total = 0;
  for (const {chart, findings} of charts) {
    let here = 0;
    for (const entry of findings) {
      const data = entry.finding.dataset;
      const fits = fields[data.severity].checked && (!rule || data.rule === rule) &&
        (!fields.fixable.checked || data.fix === 'safe') && (!text || words(chart, entry).includes(text));
      entry.finding.hidden = !fits;
      here += fits;
    }
    chart.hidden = !all && !here;
    for (const file of chart.querySelectorAll('.file'))
      file.hidden = !all && !file.querySelector('.finding:not([hidden])');
    shown += here;
    total += findings.length;
  }
  fields.shown.value = shown + ' of ' + total + ' findings';
}
let timer = 0;
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(apply, 150);
});
form.addEventListener('submit', event => event.preventDefault());
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.classList.contains('chart')) target.open = true;
}
window.addEventListener('hashchange', reveal);
reveal();
form.hidden = false;
apply();
}());

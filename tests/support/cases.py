"""For tests that are scripts of their own: names their cases and counts them, as support/results.py reads it."""
import traceback


class Cases:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def run(self, name, function, *arguments):
        """The case `function(*arguments)`: it fails by raising; an AssertionError's text is what is wrong."""
        try:
            function(*arguments)
        except AssertionError as error:
            self.failed += 1
            print(f"FAIL {name}\n     {error}", flush=True)
        except Exception:  # pylint: disable=broad-except # the other cases are to run all the same
            self.failed += 1
            print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)
        else:
            self.passed += 1
            print(f"ok   {name}", flush=True)

    def skip(self, name, why):
        self.skipped += 1
        print(f"SKIP {name.replace(':', ',')}: {why}", flush=True)

    def finish(self):
        """Prints the last line; the exit status."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0 if self.passed else 77


def expect(condition, text):
    """As `assert`, which stays in place under -O."""
    if not condition:
        raise AssertionError(text)

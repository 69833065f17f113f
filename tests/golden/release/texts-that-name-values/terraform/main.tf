resource "helm_release" "billing" {
  chart = "../charts/billing"
  set {
    name  = "service.port"
    value = 1
  }
}

resource "helm_release" "other" {
  set {
    name = "config.logLevel"
  }
}

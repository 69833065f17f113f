#!/bin/sh
helm upgrade --install orders charts/orders \
  --namespace shop \
  --set service.port=9000,image.tag=1
helm upgrade shop charts/shop --set billing.config.logLevel=DEBUG

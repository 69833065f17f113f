# The static program and nothing else. The context is the folder `image` of a release (scripts/release), which has the program
# for each architecture; docs/ci.md shows how to build and run it.
FROM scratch
ARG TARGETARCH=amd64
COPY LICENSE LICENSE.libraries /licenses/
COPY valuelint-${TARGETARCH} /usr/bin/valuelint
WORKDIR /work
ENTRYPOINT ["/usr/bin/valuelint"]

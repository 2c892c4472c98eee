# closeout as a container: `docker run -e CLOSEOUT_DAEMON__URL=… -e GITHUB_TOKEN=… -v closeout:/var/lib/closeout IMAGE`
# The release says which image it is built upon, by its digest, and of what it is built.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN python -m venv --without-pip /opt/closeout \
 && PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
    python -m pip --python /opt/closeout/bin/python install --no-cache-dir --disable-pip-version-check .
ARG REVISION=
RUN echo "$REVISION" > /opt/closeout/container-image

FROM ${BASE}
# tini is there to bury what a run leaves behind when it is ended
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /var/lib/closeout --no-create-home --shell /usr/sbin/nologin closeout \
 && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/closeout \
 && mkdir /etc/closeout \
 && git config --system safe.directory '*'
COPY --from=build /opt/closeout /opt/closeout
ENV PATH=/opt/closeout/bin:$PATH \
    HOME=/var/lib/closeout \
    TMPDIR=/var/lib/closeout \
    PYTHONDONTWRITEBYTECODE=1 \
    CLOSEOUT_DAEMON__CACHE=/var/lib/closeout/repositories \
    CLOSEOUT_DAEMON__LOG=json
WORKDIR /etc/closeout
VOLUME /var/lib/closeout
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["closeout", "daemon", "--healthy"]
ENTRYPOINT ["tini", "--", "closeout"]
CMD ["daemon"]
ARG SOURCE=
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title=closeout \
      org.opencontainers.image.description="Keeps the action items of incident postmortems alive until they are closed." \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.source=$SOURCE \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION

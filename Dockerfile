# closeout as a container: `docker run -e CLOSEOUT_DAEMON__URL=… -e GITHUB_TOKEN=… -v closeout:/var/lib/closeout IMAGE`
# The release says which image it is built upon, by its digest.
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src ./src
RUN python -m venv /opt/closeout \
 && PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
    /opt/closeout/bin/python -m pip install --no-cache-dir --disable-pip-version-check . \
 && /opt/closeout/bin/python -m compileall -q /opt/closeout/lib

FROM ${BASE}
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git openssh-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /var/lib/closeout --create-home --shell /usr/sbin/nologin closeout \
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
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["closeout", "daemon", "--healthy"]
ENTRYPOINT ["closeout"]
CMD ["daemon"]

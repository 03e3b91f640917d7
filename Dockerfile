# hardcut in a container: docker run --rm -v "$PWD:/src" hardcut check
FROM python:3.13-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home hardcut
COPY . /opt/hardcut
RUN python -I -m pip install --no-cache-dir /opt/hardcut && rm -rf /opt/hardcut
USER hardcut
# The mounted folder belongs to another user, which git refuses to read without this.
RUN git config --global --add safe.directory '*'
WORKDIR /src
ENTRYPOINT ["python", "-I", "-m", "hardcut"]
CMD ["check"]

# The page and the API in one container. Build: docker build -t niannian .
# By digest: what was tested is what is built. Renew it with the tag: docker buildx imagetools inspect python:3.12-slim
FROM python:3.12-slim@sha256:78387bc3881b8273120a12ebe6c1ab22b018ccc2c9adf565ae1ac9b536e184ea

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    OPENBLAS_NUM_THREADS=1 \
    NIANNIAN_DATA_DIR=/data

WORKDIR /app
COPY requirements.txt ./
RUN pip install --disable-pip-version-check --require-hashes -r requirements.txt

COPY LICENSE NOTICE app.py server.py ./
COPY .streamlit/config.toml .streamlit/
COPY components components
COPY locales locales
COPY memory memory
COPY pages pages
COPY scripts scripts
# Once here: nothing is written later, and compiling takes a quarter of a start.
RUN python -m compileall -q app.py server.py components memory pages scripts

# Nobody in the container may change the program; only /data can be written.
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin niannian \
    && install -d -o niannian -g niannian -m 0700 /data
USER niannian
VOLUME /data
EXPOSE 8501

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8501/health', timeout=4)"]

# Every address of the container: refused unless accounts are required (docs/security.md).
CMD ["python", "server.py", "--host", "0.0.0.0", "--port", "8501"]

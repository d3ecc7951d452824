# A model server that computes on the processor. Build from the root of the repository:
#   docker build -f deploy/docker/model-server.Dockerfile -t mka1-edge-model-server .
# The model is mounted at /model, in the Hugging Face layout.
ARG SDK_TAG=10.0
ARG RUNTIME_TAG=10.0-noble

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${SDK_TAG} AS build
ARG TARGETARCH=amd64
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY backends backends
RUN dotnet publish backends/Mka1.Edge.ModelServer -c Release -a $TARGETARCH --self-contained false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME_TAG}
WORKDIR /app
COPY --from=build /app .
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://+:8000 ModelServer__Model=/model ModelServer__Warmup=true
EXPOSE 8000
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/app/Mka1.Edge.ModelServer"]

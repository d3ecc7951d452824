# A model server that computes on an NVIDIA GPU, through TorchSharp, whose packages bring libtorch with its CUDA libraries: the host
# needs the driver and the NVIDIA container runtime. Build from the root of the repository:
#   docker build -f deploy/docker/model-server-cuda.Dockerfile -t mka1-edge-model-server:cuda .
#   docker run --gpus all -v /models/mine:/model:ro -p 8000:8000 mka1-edge-model-server:cuda
ARG SDK_TAG=10.0
ARG RUNTIME_TAG=10.0-noble

FROM mcr.microsoft.com/dotnet/sdk:${SDK_TAG} AS build
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig ./
COPY backends backends
RUN dotnet publish backends/Mka1.Edge.ModelServer -c Release -r linux-x64 --self-contained false -p:Torch=cuda -o /app

FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME_TAG}
WORKDIR /app
COPY --from=build /app .
ENV DOTNET_EnableDiagnostics=0 ASPNETCORE_HTTP_PORTS= ASPNETCORE_URLS=http://+:8000 \
    ModelServer__Model=/model ModelServer__Warmup=true ModelServer__Engine=torch ModelServer__Device=cuda \
    NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
EXPOSE 8000
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=6s --start-period=300s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8000 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/app/Mka1.Edge.ModelServer"]

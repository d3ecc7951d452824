namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary>A model as <c>GET /v1/models</c> shows it.</summary>
/// <param name="Id">The name requests ask for.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="ContextWindow">Tokens that prompt and output may hold together.</param>
internal sealed record ModelCard(string Id, long Created, int ContextWindow)
{
    public string Object { get; } = "model";

    public string OwnedBy { get; } = "mka1-edge";

    public string ModelType { get; } = "llm";
}

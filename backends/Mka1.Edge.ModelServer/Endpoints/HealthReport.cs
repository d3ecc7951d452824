namespace Mka1.Edge.ModelServer.Endpoints;

/// <summary>The answer of <c>GET /health</c>: what a gateway needs to choose between servers.</summary>
/// <param name="Status"><c>ok</c>, or <c>stopping</c> with status 503.</param>
/// <param name="Model">The name requests ask for.</param>
/// <param name="Active">Answers being decoded.</param>
/// <param name="Queued">Answers waiting for a place.</param>
/// <param name="MaxActive">Places there are.</param>
/// <param name="MaxQueued">Waiting places there are.</param>
/// <param name="BatchSize">Answers in the engine's last step; 0 when idle.</param>
/// <param name="PagesTotal">Pages of the key-value cache there are.</param>
/// <param name="PagesUsed">Pages that answers hold.</param>
/// <param name="PagesKept">Pages nobody holds, kept for prompts that begin alike; they make room when needed.</param>
/// <param name="TokensDecoded">Output tokens since the start.</param>
/// <param name="CacheBytes">Key-value cache held by active answers.</param>
/// <param name="ContextWindow">Tokens that prompt and output may hold together.</param>
/// <param name="Parameters">Weights of the model.</param>
/// <param name="ModelBytes">Memory they take.</param>
internal sealed record HealthReport(
    string Status,
    string Model,
    int Active,
    int Queued,
    int MaxActive,
    int MaxQueued,
    int BatchSize,
    int PagesTotal,
    int PagesUsed,
    int PagesKept,
    long TokensDecoded,
    long CacheBytes,
    int ContextWindow,
    long Parameters,
    long ModelBytes);

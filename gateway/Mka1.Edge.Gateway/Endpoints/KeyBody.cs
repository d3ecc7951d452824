using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Endpoints;

/// <summary>A key that is asked for. A member that is not known here is refused: to pass over it might allow more than was meant.</summary>
internal sealed record KeyBody
{
    /// <summary>By reflection: a generated context would put null in place of the default of every init-only property left out.</summary>
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The key's name; null for one that is made up.</summary>
    public string? Id { get; init; }

    public IReadOnlyList<string> Models { get; init; } = [];

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public OnBehalfOfRule OnBehalfOf { get; init; }

    public bool Admin { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long? ExpiresAt { get; init; }

    public QuotaLimitsConfig Limits { get; init; } = new();

    public double? DisconnectGraceSeconds { get; init; }

    public IReadOnlyList<string> DelegationPublicKeys { get; init; } = [];

    public static ParseResult<KeyBody> Parse(ReadOnlyMemory<byte> body) => Parse<KeyBody>(body);

    /// <summary>Reads one strict JSON object.</summary>
    public static ParseResult<T> Parse<T>(ReadOnlyMemory<byte> body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Options) is { } parsed ? new ParseResult<T>.Parsed(parsed) : Refused<T>("$");
        }
        catch (JsonException e)
        {
            return Refused<T>(e.Path);
        }
    }

    /// <summary>What the key may do, in the form of the configuration; null when its end is no instant.</summary>
    public KeyConfig? Settings()
    {
        if (ExpiresAt is { } seconds && (seconds < 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())) return null;
        return new KeyConfig
        {
            Models = Models,
            Endpoints = Endpoints,
            OnBehalfOf = OnBehalfOf,
            Admin = Admin,
            ExpiresAt = ExpiresAt is { } known ? DateTimeOffset.FromUnixTimeSeconds(known) : null,
            Requests = Limits.Requests,
            Tokens = Limits.Tokens,
            Cost = Limits.Cost,
            Concurrency = Limits.Concurrency,
            DisconnectGraceSeconds = DisconnectGraceSeconds,
            Delegation = new DelegationConfig { PublicKeys = DelegationPublicKeys },
        };
    }

    private static ParseResult<T>.Refused Refused<T>(string? path)
    {
        var at = path is { Length: > 2 } ? path[2..] : null;
        return new ParseResult<T>.Refused(at is null
            ? new ApiError(ErrorCode.InvalidJson, "The body is not one strict JSON object of known members, each once and of its type. See 'Keys over HTTP' in the gateway's KEYS.md.")
            : new ApiError(ErrorCode.InvalidValue, $"'{at}' is unknown, repeated or has the wrong type. See 'Keys over HTTP' in the gateway's KEYS.md.", at));
    }
}

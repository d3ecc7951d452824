namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Where state is kept. What is left out is kept in this process and is lost when it ends.</summary>
public sealed record StoresConfig
{
    /// <summary>Postgres, as an Npgsql connection string: responses, conversations, prompts, jobs, webhooks, ledger. Read at the start only.</summary>
    [Restart]
    public string? Postgres { get; init; }

    /// <summary>Redis, as a StackExchange.Redis configuration such as <c>127.0.0.1:6379</c>: stream logs, cancel signals. Read at the start only.</summary>
    [Restart]
    public string? Redis { get; init; }

    /// <summary>
    /// Secret from which the keys are derived that encrypt webhook secrets and compacted conversations; a random one for this
    /// process when left out. Replicas need the same one. Read at the start only.
    /// </summary>
    [Restart]
    public string? EncryptionKey { get; init; }

    /// <summary>Days for which responses are kept (1–3,650).</summary>
    public int RetentionDays { get; init; } = 30;

    /// <summary>Hours for which a stream can be resumed after its end (0.01–168). Read at the start only.</summary>
    [Restart]
    public double StreamLogHours { get; init; } = 24;

    /// <summary>Bytes of a running stream's events held in memory for its readers (16,384–67,108,864). Older ones are read from the log.</summary>
    public int StreamWindowBytes { get; init; } = 256 * 1024;

    /// <summary>Seconds for which a stored stream goes on after its last reader left (0–3,600).</summary>
    public double DisconnectGraceSeconds { get; init; } = 15;

    /// <summary>Seconds without a sign of life after which another replica takes a replica's runs over (1–300). Read at the start only.</summary>
    [Restart]
    public double LeaseSeconds { get; init; } = 3;

    /// <summary>Responses that <c>previous_response_id</c> may lead back through (1–10,000).</summary>
    public int MaxChainLength { get; init; } = 1000;

    /// <summary>Seconds to go on trying to store the end of a run before its client is told that it could not be stored (0–300).</summary>
    public double StorePatienceSeconds { get; init; } = 15;
}

using System.CommandLine;
using System.Globalization;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>The options of <c>keys create</c> that say what the key may do.</summary>
internal sealed class KeyOptions
{
    private readonly Option<string?> _models = new("--models") { Description = "Models it may name, by commas; all when left out." };
    private readonly Option<string?> _endpoints = new("--endpoints") { Description = $"Parts of the API, by commas, out of {string.Join(", ", EndpointScope.Names)}; all when left out." };
    private readonly Option<OnBehalfOfRule> _onBehalfOf = new("--on-behalf-of") { Description = "Whether it may, must or must not act for end users." };
    private readonly Option<bool> _admin = new("--admin") { Description = "It may administer its own tenant." };
    private readonly Option<string?> _expires = new("--expires") { Description = "After how long it expires, such as 90d; never when left out." };
    private readonly Option<string?> _requests = new("--requests") { Description = "Requests, such as 10/second,5000/hour." };
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Tokens, such as 100000/minute." };
    private readonly Option<string?> _cost = new("--cost") { Description = "Cost, such as 20/day." };
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "Requests in flight at once." };
    private readonly Option<double?> _grace = new("--disconnect-grace") { Description = "Seconds for which a stored stream goes on after its last reader left." };
    private readonly Option<string[]> _publicKeys = new("--delegation-public-key") { Description = "File with a P-256 public key in PEM that may sign delegated keys; may be given again." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_models, _endpoints, _onBehalfOf, _admin, _expires, _requests, _tokens, _cost, _concurrency, _grace, _publicKeys])
            command.Options.Add(option);
    }

    /// <exception cref="CommandException">A value cannot be read.</exception>
    public KeyConfig Read(ParseResult arguments, DateTimeOffset now) => new()
    {
        Models = List(arguments.GetValue(_models)),
        Endpoints = List(arguments.GetValue(_endpoints)),
        OnBehalfOf = arguments.GetValue(_onBehalfOf),
        Admin = arguments.GetValue(_admin),
        ExpiresAt = arguments.GetValue(_expires) is { } expires ? now + Duration(_expires.Name, expires) : null,
        Requests = [.. Windows(_requests.Name, arguments.GetValue(_requests))],
        Tokens = [.. Windows(_tokens.Name, arguments.GetValue(_tokens))],
        Cost = [.. Costs(arguments.GetValue(_cost))],
        Concurrency = arguments.GetValue(_concurrency),
        DisconnectGraceSeconds = arguments.GetValue(_grace),
        Delegation = new DelegationConfig { PublicKeys = [.. (arguments.GetValue(_publicKeys) ?? []).Select(ReadFile)] },
    };

    /// <summary>Entries between commas.</summary>
    public static IReadOnlyList<string> List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <exception cref="CommandException">It is none.</exception>
    public static TimeSpan Duration(string option, string text) => Durations.TryParse(text, out var duration)
        ? duration
        : throw new CommandException($"{option}: '{text}' is no time. Write days, hours, minutes or seconds, such as 90d, 12h, 30m or 45s.");

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }

    private static IEnumerable<WindowLimitConfig> Windows(string option, string? text) => Pairs(option, text).Select(pair =>
        long.TryParse(pair.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? new WindowLimitConfig { Window = pair.Window, Limit = limit }
            : throw new CommandException($"{option}: '{pair.Limit}' is no whole number. Write a number and a window, such as 10/second."));

    private IEnumerable<CostLimitConfig> Costs(string? text) => Pairs(_cost.Name, text).Select(pair =>
        decimal.TryParse(pair.Limit, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var limit)
            ? new CostLimitConfig { Window = pair.Window, Limit = limit }
            : throw new CommandException($"{_cost.Name}: '{pair.Limit}' is no amount. Write an amount and a window, such as 20/day."));

    private static IEnumerable<(string Limit, string Window)> Pairs(string option, string? text) => List(text).Select(entry =>
        entry.Split('/') is [var limit, var window]
            ? (limit, window)
            : throw new CommandException($"{option}: '{entry}' is no limit. Write a number and a window, such as 10/second."));
}

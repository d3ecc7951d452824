using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Safety;
using Mka1.Edge.Gateway.State;
using Mka1.Edge.Gateway.Webhooks;
using Mka1.Edge.Policies.Safety;
using Mka1.Edge.Responses;
using Mka1.Edge.Stores.Postgres;
using Mka1.Edge.Stores.Safety;
using Npgsql;

namespace Mka1.Edge.Gateway.Commands;

/// <summary><c>safety show|override|mark|verify</c>: what an operator asks and orders, straight from Postgres.</summary>
internal static class SafetyCommand
{
    private const string Actor = "cli";

    private static readonly Option<string> Config = new("--config") { Description = "The configuration file.", DefaultValueFactory = _ => "config/edge.json" };
    private static readonly Option<string> Tenant = new("--tenant") { Description = "The tenant's id.", Required = true };
    private static readonly Option<string> Identifier = new("--identifier") { Description = "The subject's identifier, or its id (subj_…).", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for the audit.", Required = true };
    private static readonly Option<string?> Rung = new("--rung") { Description = "The rung to hold the subject on: allow, warn, slow, review, block." };
    private static readonly Option<string?> Until = new("--until") { Description = "From when its score counts again: 2027-01-01, 2027-01-01T12:00Z, or 30m, 24h, 7d from now." };
    private static readonly Option<bool> Clear = new("--clear") { Description = "Take an earlier word back." };
    private static readonly Option<double?> Weight = new("--weight") { Description = "What it adds to the score; safety.weights.operatorMark when left out." };

    public static Command Create()
    {
        var mark = new Command("mark", "Raise a subject's score.") { Config, Tenant, Identifier, Weight, Reason };
        var pin = new Command("override", "Hold a subject on a rung, or stop doing so.") { Config, Tenant, Identifier, Rung, Until, Clear, Reason };
        var show = new Command("show", "Show where a subject stands.") { Config, Tenant, Identifier };
        var verify = new Command("verify", "Check that a tenant's audit is as it was written.") { Config, Tenant };
        show.SetAction((parsed, token) => RunAsync(parsed, (desk, subject) => ShowAsync(desk, subject, token)));
        pin.SetAction((parsed, token) => RunAsync(parsed, (desk, subject) => OverrideAsync(desk, subject, parsed, token)));
        mark.SetAction((parsed, token) => RunAsync(parsed, (desk, subject) => MarkAsync(desk, subject, parsed, token)));
        verify.SetAction((parsed, token) => RunAsync(parsed, (desk, _) => VerifyAsync(desk, token)));
        pin.Validators.Add(result =>
        {
            if (result.GetValue(Clear) == result.GetValue(Rung) is not null) result.AddError("Give either --rung or --clear.");
            if (result.GetValue(Rung) is { } name && !SafetyRungs.TryParse(name, out _)) result.AddError($"--rung: '{name}' is not one of allow, warn, slow, review, block.");
            if (result.GetValue(Until) is { } text && Instant(text, TimeProvider.System.GetUtcNow()) is null)
                result.AddError($"--until: '{text}' is no instant in the future. Write 2027-01-01, 2027-01-01T12:00Z, 30m, 24h or 7d.");
        });
        Checks(pin);
        Checks(mark);
        return new Command("safety", "Subjects of the safety ladder, and its audit.") { show, pin, mark, verify };
    }

    /// <summary>An instant in the future: a date, a time, or a span from now; null for anything else.</summary>
    internal static DateTimeOffset? Instant(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            TimeSpan? unit = text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            };
            if (unit is { } span) return (DateTimeOffset.MaxValue - now) / span > number ? now + (span * number) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > now ? at : null;
    }

    private static void Checks(Command command) => command.Validators.Add(result =>
    {
        if (result.GetValue(Reason) is { } reason && (reason.Length is 0 or > SafetyParser.MaxReason || reason.Any(char.IsControl)))
            result.AddError($"--reason: 1 to {SafetyParser.MaxReason} characters are expected, and no control characters.");
        if (command.Options.Contains(Weight) && result.GetValue(Weight) is { } weight && !(weight is > 0 and <= 1_000_000)) result.AddError("--weight: a number above 0, up to 1,000,000, is expected.");
    });

    private static async Task<int> RunAsync(ParseResult parsed, Func<SafetyCommandDesk, SafetySubject, Task<int>> act)
    {
        var config = EdgeConfigFile.Read(parsed.GetValue(Config)!);
        if (config.Stores.Postgres is not { } postgres)
            return await FailAsync("stores.postgres is not set: subjects and audit live in the gateway's own process, and can be seen and changed over HTTP alone (/api/v1/llm/safety).");
        if (SafetySettings.HasOwnHashKey(config))
            return await FailAsync("Neither safety.hashKey nor stores.encryptionKey is set: every process hashes identifiers in a way of its own, and this one cannot find the gateway's subjects.");

        var snapshot = EdgeSnapshot.Build(config);
        var tenant = parsed.GetValue(Tenant)!;
        if (!config.Tenants.ContainsKey(tenant)) return await FailAsync($"There is no tenant '{tenant}' ({string.Join(", ", config.Tenants.Keys)}).");
        await using var database = new PostgresDatabase(postgres);
        await using var store = new PostgresSafetyStore(database);
        var configuration = new EdgeConfiguration(snapshot);
        var webhooks = new SafetyWebhooks(configuration, new WebhookTargets(configuration, new Protector(config.Stores.EncryptionKey)));
        var desk = new SafetyCommandDesk(tenant, snapshot, store, webhooks, TimeProvider.System);
        try
        {
            var named = parsed.CommandResult.Command.Options.Contains(Identifier) ? parsed.GetValue(Identifier)! : "";
            return await act(desk, SafetySubject.OfId(named) ?? SafetySubject.Of(snapshot.SafetyHashKey, tenant, named));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return await FailAsync("The schema is not there yet. Start the gateway, or run it with --migrate.");
        }
    }

    private static async Task<int> ShowAsync(SafetyCommandDesk desk, SafetySubject subject, CancellationToken token)
    {
        if (await desk.Store.FindAsync(desk.Tenant, subject, token) is not { } record)
            return await FailAsync($"{subject.Id} was never seen in tenant '{desk.Tenant}'.");
        Show(desk, record);
        return 0;
    }

    private static Task<int> OverrideAsync(SafetyCommandDesk desk, SafetySubject subject, ParseResult parsed, CancellationToken token)
    {
        var reason = parsed.GetValue(Reason)!;
        if (parsed.GetValue(Clear)) return OrderAsync(desk, new SafetyOrder.Clear(desk.Tenant, subject, Actor, reason), token);
        if (!SafetyRungs.TryParse(parsed.GetValue(Rung), out var rung)) throw new InvalidOperationException("The rung passed validation and is none.");
        var until = parsed.GetValue(Until) is { } text ? Instant(text, desk.Now) : null;
        return OrderAsync(desk, new SafetyOrder.Pin(desk.Tenant, subject, new SafetyOverride(rung, until), Actor, reason), token);
    }

    private static Task<int> MarkAsync(SafetyCommandDesk desk, SafetySubject subject, ParseResult parsed, CancellationToken token)
    {
        var weight = parsed.GetValue(Weight) ?? desk.Snapshot.Config.Safety.Weights.OperatorMark;
        return OrderAsync(desk, new SafetyOrder.Mark(desk.Tenant, subject, weight, Actor, parsed.GetValue(Reason)!), token);
    }

    private static async Task<int> VerifyAsync(SafetyCommandDesk desk, CancellationToken token)
    {
        var verdict = await desk.Store.VerifyAsync(desk.Tenant, token);
        if (verdict.BrokenSeq is { } seq)
            return await FailAsync($"Entry {seq} of tenant '{desk.Tenant}' is the first that is not right: {verdict.Fault}. The {verdict.Entries} before it are as they were written.");
        Console.WriteLine($"{verdict.Entries} entries of tenant '{desk.Tenant}' are as they were written. Head: {Convert.ToHexStringLower(verdict.HeadHash.Span)}.");
        return 0;
    }

    private static async Task<int> OrderAsync(SafetyCommandDesk desk, SafetyOrder order, CancellationToken token)
    {
        var records = await desk.Store.ApplyAsync(SafetyBatch.Of(order), desk.Snapshot.Ladder, desk.Now, desk.Webhooks.Of, token);
        Show(desk, records.Single(record => record.Tenant == order.Tenant && record.Subject == order.Subject));
        return 0;
    }

    private static void Show(SafetyCommandDesk desk, SafetyRecord record)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true })) SafetyJson.Write(json, record, desk.Snapshot.Ladder, desk.Now);
        Console.WriteLine(Encoding.UTF8.GetString(text.ToArray()));
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}

using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Security.Tests.Ownership;

/// <summary>A gateway with one of everything in it, and everyone who might go for what is someone else's.</summary>
internal sealed class OwnershipMatrix : IAsyncDisposable
{
    private const int AtATime = 8;

    private readonly GatewayFixture _gateway;
    private readonly ScriptedUpstream _receiver;
    private readonly Dictionary<Owner, Dictionary<string, string>> _own = [];
    private readonly ConcurrentDictionary<(AccessPath Path, Principal Caller, IdShape Shape), Task<Answer>> _unknown = new();

    private OwnershipMatrix(GatewayFixture gateway, ScriptedUpstream receiver) => (_gateway, _receiver) = (gateway, receiver);

    public IReadOnlyList<AccessPath> Paths { get; private set; } = [];

    public IReadOnlyList<string> RoutesWithoutCase { get; private set; } = [];

    public IReadOnlyList<string> CasesWithoutRoute { get; private set; } = [];

    public IReadOnlyList<OwnedObject> Objects { get; private set; } = [];

    public IReadOnlyList<AccessCase> Cases { get; private set; } = [];

    /// <summary>Requests that have reached a model server or a receiver of webhooks.</summary>
    public int CallsOut => _gateway.UpstreamCalls + _receiver.Calls.Count;

    public static async Task<OwnershipMatrix> StartAsync(Action<IServiceCollection>? services = null, StoresConfig? stores = null)
    {
        var owners = new[] { Principal.User, Principal.Tenant };
        var running = owners.Length * OwnedObjects.RunningEach;
        var gateway = await GatewayFixture.StartAsync(
            config => config with
            {
                Stores = stores ?? config.Stores,
                Tenants = new Dictionary<string, TenantConfig>(config.Tenants)
                {
                    ["acme"] = config.Tenants["acme"] with
                    {
                        Keys = new Dictionary<string, KeyConfig>(config.Tenants["acme"].Keys) { ["revoked"] = GatewayFixture.Key(Principal.RevokedKey) },
                    },
                },
                Webhooks = config.Webhooks with { AllowPrivateTargets = true },

                // All that these callers do is what the safety ladder is there to stop.
                Safety = config.Safety with { Weights = new() { ClientError = 0 } },
                Background = config.Background with { Workers = running, PerTenant = running },
            },
            services: services);
        var matrix = new OwnershipMatrix(gateway, new ScriptedUpstream { Script = Scripts.Json("thanks") });
        await matrix.FillAsync([.. owners.Select(owner => new OwnedObjects(gateway, matrix._receiver, owner))]);
        return matrix;
    }

    /// <summary>Tries cases and gives those whose answer is not what an unknown id gives.</summary>
    public async Task<IReadOnlyList<AccessLeak>> LeaksAsync(IEnumerable<AccessCase> cases)
    {
        var leaks = new ConcurrentBag<AccessLeak>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (tried, _) =>
        {
            var got = await SendAsync(tried.Path, tried.Caller, tried.Target, tried.Shape);
            var expected = await _unknown.GetOrAdd(
                (tried.Path, tried.Caller, tried.Shape), key => SendAsync(key.Path, key.Caller, tried.Target.Unknown(), key.Shape));
            if (got != expected) leaks.Add(new AccessLeak(tried, got, expected));
        });
        return [.. leaks];
    }

    /// <summary>All there is to see, by its owners: address and answer.</summary>
    public async Task<IReadOnlyList<string>> ViewsAsync()
    {
        var views = new List<string>();
        foreach (var target in Objects)
        {
            foreach (var view in target.Views)
                views.Add($"{target} {view}: {await SendAsync(new AccessPath(target.Kind, "GET", view), target.Owner, target, IdShape.AsReturned)}");
        }

        return views;
    }

    /// <summary>What stands in a list and is not of whoever asks.</summary>
    public async Task<IReadOnlyList<string>> StraysAsync()
    {
        string[] lists = ["/responses", "/conversations", "/conversations?search=secret", "/conversations?metadata[topic]=secret", "/prompts"];
        var strays = new List<string>();
        foreach (var caller in Principal.All.Where(principal => principal.Owner is not null))
        {
            var others = Objects.Where(target => target.Owner.Owner != caller.Owner).Select(target => target.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var list in lists)
            {
                var ids = await new ApiClient(_gateway, caller.Key!, caller.EndUser).WalkAsync(list, 50);
                strays.AddRange(ids.Where(others.Contains).Select(id => $"{caller}: {list} has {id}"));
            }
        }

        return strays;
    }

    /// <summary>Has the owners try every way to every object of theirs, and gives the ways that are shut.</summary>
    public async Task<(int Tried, IReadOnlyList<string> Shut)> OwnersAsync()
    {
        var tries = (from target in Objects.Where(target => target.Exists)
            from path in Paths.Where(path => path.Fits(target) && (!path.IsReference || target.Usable))
            from shape in path is { Effect: Effect.Reads, IsKey: false } ? new[] { IdShape.AsReturned, IdShape.Encoded } : [IdShape.AsReturned]
            orderby path.Effect
            select (path, target, shape)).ToList();
        var shut = new List<string>();
        foreach (var (path, target, shape) in tries)
        {
            var answer = await SendAsync(path, target.Owner, target, shape);
            if (IsIn(path, target, answer)) continue;
            shut.Add($"{path} with {target}, {shape}: {answer}");
        }

        return (tries.Count, shut);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    /// <summary>Whether an owner got at the object. Where the object itself forbids what was asked, its own refusal shows that it was found.</summary>
    private static bool IsIn(AccessPath path, OwnedObject target, Answer answer) => path switch
    {
        { Effect: Effect.Cancels } when !target.Background => answer.Status == 400 && answer.Text.Contains("Only background responses", StringComparison.Ordinal),
        { Method: "HEAD" or "PUT" } => answer.Status == 405,
        { Kind: ObjectKind.KeyOfAnother } => answer.Status == 422,
        { Kind: ObjectKind.KeyOfThis } => answer.Status == 200 && answer.Text.Contains("Idempotent-Replayed", StringComparison.OrdinalIgnoreCase),
        _ => answer.Status == 200,
    };

    private async Task FillAsync(IReadOnlyList<OwnedObjects> makers)
    {
        Paths = AccessPaths.Of(_gateway.App, out var unknown, out var gone);
        (RoutesWithoutCase, CasesWithoutRoute) = (unknown, gone);
        foreach (var maker in makers) await maker.MakeAsync();
        await new ApiClient(_gateway, Principal.Admin.Key!).CallAsync("DELETE", "/keys/revoked");
        var admin = new OwnedObjects(_gateway, _receiver, Principal.Admin);
        await admin.MakeKeyAsync();
        await admin.MakeSafetySubjectAsync();
        foreach (var maker in makers) await maker.MakeRunningAsync();
        foreach (var maker in makers) await maker.MakeQueuedAsync();
        makers[0].Answer();
        Objects = [.. makers.Append(admin).SelectMany(maker => maker.Made)];
        Cases = [.. AllCases()];
        foreach (var caller in Principal.All) await AddOwnAsync(caller);
    }

    private IEnumerable<AccessCase> AllCases() =>
        from target in Objects
        from path in Paths.Where(path => path.Fits(target))
        from caller in Callers(path, target)
        from shape in IdShape.All
        where shape == IdShape.AsReturned || (caller.EveryShape && target.Exists && !(path.IsKey && shape.IsEncoded))
        select new AccessCase(path, target, caller, shape);

    /// <summary>Everyone but the owner. Of two who share what they own, one uses a key: for the second it would no longer be new.</summary>
    private static IEnumerable<Principal> Callers(AccessPath path, OwnedObject target)
    {
        var others = Principal.All.Where(caller => caller.Owner is null || caller.Owner != target.Owner.Owner);
        return path.IsKey ? others.DistinctBy(caller => caller.Owner is { } owner ? (object)owner : caller) : others;
    }

    private async Task AddOwnAsync(Principal caller)
    {
        if (caller.Owner is not { } owner || _own.ContainsKey(owner)) return;
        var api = new ApiClient(_gateway, caller.Key!, caller.EndUser);
        _own[owner] = new Dictionary<string, string>
        {
            ["response"] = ApiClient.Id(await api.CallAsync("POST", "/responses", GatewayFixture.Hello())),
            ["conversation"] = ApiClient.Id(await api.CallAsync("POST", "/conversations")),
            ["prompt"] = ApiClient.Id(await api.CallAsync("POST", "/prompts", """{"name":"own","template":"Own."}""")),
        };
    }

    private async Task<Answer> SendAsync(AccessPath path, Principal caller, OwnedObject target, IdShape shape)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal) { shape.Change(target.Id) };
        var address = Placeholders.Fill(path.Address, name => name == "id" ? shape.InAddress(target.Id) : Part(name));
        var body = path.Body is null ? null : Placeholders.Fill(path.Body, name => name == "id" ? shape.InJson(target.Id) : Part(name));

        // The escapes are what is tried: nothing on this side may undo them.
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(
            new HttpMethod(path.Method), new Uri($"http://127.0.0.1:{_gateway.Port}/api/v1/llm{address}", in asWritten));
        if (caller.Key is { } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (caller.EndUser is { } user) request.Headers.Add("X-On-Behalf-Of", user);
        if (path.IsKey) request.Headers.Add("Idempotency-Key", shape.Change(target.Id));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (await Answer.ReadAsync(response)).Without(sent);

        string Part(string name)
        {
            var own = name.StartsWith(Placeholders.Own, StringComparison.Ordinal) ? name[Placeholders.Own.Length..] : null;
            var part = own is null ? target.Parts[name]
                : caller == target.Owner ? target.Parts[own]
                : caller.Owner is { } owner ? _own[owner][own] : "none";
            if (part.Contains('_', StringComparison.Ordinal)) sent.Add(part);
            return part;
        }
    }
}

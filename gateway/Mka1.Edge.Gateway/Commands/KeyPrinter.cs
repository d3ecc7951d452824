using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Gateway.Endpoints;
using Mka1.Edge.Gateway.Identity;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>Prints what became of keys: for people, or as JSON. What is to be kept goes to the output, everything else beside it.</summary>
internal sealed class KeyPrinter(ParseResult arguments, Option<bool> json)
{
    private static readonly JsonSerializerOptions Indented = new(EdgeConfigJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TextWriter _output = arguments.InvocationConfiguration.Output;
    private readonly TextWriter _error = arguments.InvocationConfiguration.Error;
    private readonly bool _json = arguments.GetValue(json);

    /// <exception cref="CommandException">It was not done.</exception>
    public async Task ResultAsync(KeyService service, string tenantId, string keyId, KeyResult result)
    {
        switch (result)
        {
            case KeyResult.Done done:
                var view = service.View(tenantId, keyId, done.Key) with { Key = done.Secret, DelegationPrivateKey = done.DelegationKey };
                if (_json) await _output.WriteLineAsync(JsonSerializer.Serialize(view, EndpointJson.Default.KeyView));
                else await ShowAsync(view);
                return;
            case KeyResult.Unknown:
                throw new CommandException($"Tenant '{tenantId}' has no such key or secret, or it is revoked already. See: keys list --tenant {tenantId}");
            case KeyResult.Refused refused:
                throw new CommandException(string.Join(Environment.NewLine, refused.Faults));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public async Task ListAsync(IReadOnlyList<KeyView> keys)
    {
        if (_json)
        {
            foreach (var key in keys) await _output.WriteLineAsync(JsonSerializer.Serialize(key, EndpointJson.Default.KeyView));
            return;
        }

        foreach (var key in keys) await ShowAsync(key);
    }

    /// <summary>A key, and what to write into the configuration for it.</summary>
    public async Task FragmentAsync(string tenantId, string keyId, string secret, KeyConfig key, string? privateKey)
    {
        var settings = JsonSerializer.SerializeToNode(key, EdgeConfigJson.Options)!.AsObject();
        foreach (var (name, value) in settings.ToList())
        {
            if (value is null or JsonArray { Count: 0 } || (name is "admin" && !key.Admin) || (name is "delegation" && key.Delegation.PublicKeys.Count == 0)) settings.Remove(name);
        }

        var fragment = new JsonObject { ["tenants"] = new JsonObject { [tenantId] = new JsonObject { ["keys"] = new JsonObject { [keyId] = settings } } } };
        if (_json)
        {
            var whole = new JsonObject { ["key"] = secret, ["config"] = fragment };
            if (privateKey is not null) whole["delegation_private_key"] = privateKey;
            await _output.WriteLineAsync(whole.ToJsonString());
            return;
        }

        await NoteAsync("The configuration names no stores.postgres. Write this into it, a running gateway follows the file; the key itself is shown this once:");
        await _output.WriteLineAsync(secret);
        if (privateKey is not null) await _output.WriteLineAsync(privateKey);
        await _output.WriteLineAsync(fragment.ToJsonString(Indented));
    }

    /// <summary>Beside the output.</summary>
    public Task NoteAsync(string text) => _error.WriteLineAsync(text);

    private async Task ShowAsync(KeyView view)
    {
        if (view.Key is not null)
        {
            await NoteAsync("Shown this once:");
            await _output.WriteLineAsync(view.Key);
        }

        if (view.DelegationPrivateKey is not null) await _output.WriteLineAsync(view.DelegationPrivateKey);
        await _output.WriteLineAsync($"{view.Tenant}/{view.Id}  {view.Status}  {view.Source}{(view.Admin ? "  admin" : "")}{Time("expires", view.ExpiresAt)}{Time("revoked", view.RevokedAt)}");
        foreach (var secret in view.Secrets)
            await _output.WriteLineAsync($"  {secret.Id}  {secret.Hint}  {secret.Status}{Time("expires", secret.ExpiresAt)}{Time("revoked", secret.RevokedAt)}");
    }

    private static string Time(string word, long? seconds) => seconds is { } known
        ? $"  {word} {DateTimeOffset.FromUnixTimeSeconds(known).ToString("u", CultureInfo.InvariantCulture)}"
        : "";
}

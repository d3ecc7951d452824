using Mka1.Edge.Policies.Identity;
using static Mka1.Edge.Gateway.Configuration.ConfigChecks;

namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks what a key may do, wherever it is said: in the configuration, on the command line, over HTTP.</summary>
internal static class KeyChecks
{
    private const int MaxPublicKeys = 4;
    private const int MaxNameLength = 64;

    /// <param name="name">What stands before the names of settings in faults.</param>
    /// <param name="key">What is said of the key.</param>
    /// <param name="models">Names a model may have.</param>
    /// <param name="faults">Where faults go.</param>
    public static void Check(string name, KeyConfig key, IReadOnlySet<string> models, List<string> faults)
    {
        if (key.DisconnectGraceSeconds is { } grace) Range(faults, $"{name}.disconnectGraceSeconds", grace, 0, 3600);
        for (var i = 0; i < key.Models.Count; i++)
        {
            if (Present($"{name}.models[{i}]", key.Models[i], faults) && !models.Contains(key.Models[i]))
                faults.Add($"{name}.models[{i}]: no family or variant is called '{key.Models[i]}'.");
        }

        for (var i = 0; i < key.Endpoints.Count; i++)
        {
            if (Present($"{name}.endpoints[{i}]", key.Endpoints[i], faults) && !EndpointScope.Names.Contains(key.Endpoints[i]))
                faults.Add($"{name}.endpoints[{i}]: '{key.Endpoints[i]}' is not one of {string.Join(", ", EndpointScope.Names)}.");
        }

        if (key is { Admin: true, OnBehalfOf: OnBehalfOfRule.Required })
            faults.Add($"{name}.onBehalfOf: an administrator acts for the whole tenant, so 'required' cannot stand beside 'admin'.");
        if (key.Delegation.PublicKeys.Count > MaxPublicKeys) faults.Add($"{name}.delegation.publicKeys: at most {MaxPublicKeys} are allowed.");
        for (var i = 0; i < key.Delegation.PublicKeys.Count; i++)
        {
            if (Present($"{name}.delegation.publicKeys[{i}]", key.Delegation.PublicKeys[i], faults) && PublicKeyText.Read(key.Delegation.PublicKeys[i]) is null)
                faults.Add($"{name}.delegation.publicKeys[{i}]: a P-256 public key is expected, in PEM or as the base64 of its SubjectPublicKeyInfo.");
        }

        QuotaChecks.Limits(name, key, faults);
    }

    /// <summary>Whether a key that is made may be called so: fit for paths, logs and the <c>kid</c> of delegated keys.</summary>
    public static bool IsName(string name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name is not ("." or "..");

    /// <summary>Every name a model may be given.</summary>
    public static HashSet<string> ModelNames(EdgeConfig config) =>
        [.. config.Families.Keys, .. config.Families.Values.Where(f => f is not null).SelectMany(f => f.Aliases.Concat(f.Variants.Values.Select(v => v?.Model ?? "")))];
}

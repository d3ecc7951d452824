namespace Mka1.Edge.Gateway.Configuration;

/// <summary>Checks the operators' listener.</summary>
internal static class AdminChecks
{
    public static void Check(AdminConfig admin, List<string> faults)
    {
        if (admin.Url is null)
        {
            if (admin.KeyHash is not null) faults.Add("admin.url: set the address to listen on, or leave admin.keyHash out too.");
            return;
        }

        if (!Uri.TryCreate(admin.Url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/")
            faults.Add($"admin.url: '{admin.Url}' is not an address to listen on, such as http://127.0.0.1:8081.");
        if (admin.KeyHash is null) faults.Add("admin.keyHash: the SHA-256 of the operators' key is needed: sha256: and 64 hex digits.");
        else if (!KeyHash.TryParse(admin.KeyHash, out _)) faults.Add("admin.keyHash: expected sha256: and 64 hex digits.");
    }
}

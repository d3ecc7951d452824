using System.Net.Http.Headers;
using Mka1.Edge.Gateway.Admin;
using Mka1.Edge.Gateway.Configuration;
using Mka1.Edge.Policies.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Mka1.Edge.Gateway.Tests.Support;

/// <summary>Whoever runs a gateway: its key, and a client of its listener.</summary>
internal static class Operator
{
    public const string Key = "operators-key-of-the-tests";

    /// <summary>A listener on a port of its own, for the operators' key.</summary>
    public static AdminConfig Config { get; } = new()
    {
        Url = "http://127.0.0.1:0",
        KeyHash = ApiKeyFormat.HashText(Key),
    };

    /// <summary>A client that sends a key.</summary>
    public static HttpClient Client(GatewayFixture gateway, string? key = Key)
    {
        var client = new HttpClient { BaseAddress = new Uri(gateway.App.Services.GetRequiredService<AdminListener>().Address!), Timeout = Patience.Long };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}

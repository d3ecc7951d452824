using Yarp.ReverseProxy.Configuration;

// YARP and nothing else: what a proxy on this machine can do at best. --upstream http://HOST:PORT --urls http://HOST:PORT
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddReverseProxy().LoadFromMemory(
    [
        new RouteConfig
        {
            RouteId = "responses",
            ClusterId = "upstream",
            Match = new RouteMatch { Path = "/api/v1/llm/{**rest}" },
            Transforms = [new Dictionary<string, string> { ["PathPattern"] = "/v1/{**rest}" }],
        },
    ],
    [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = builder.Configuration["upstream"]! } } }]);
var app = builder.Build();
app.MapReverseProxy();
app.Run();

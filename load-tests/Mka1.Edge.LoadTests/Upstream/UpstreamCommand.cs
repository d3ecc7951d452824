using System.CommandLine;

namespace Mka1.Edge.LoadTests.Upstream;

/// <summary><c>upstream</c>: a scripted model server as a process of its own.</summary>
internal static class UpstreamCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var script = new Option<string>("--script") { Description = "What to do for requests that do not say, such as \"ttft=20 itt=5 deltas=100\".", DefaultValueFactory = _ => "" };
        var command = new Command("upstream", "A model server that does what a request's script(ttft=20 itt=5 deltas=100 burst=1 status=200 cut=-1 hold=-1) says.") { urls, script };
        command.SetAction(async (arguments, _) =>
        {
            var standard = Script.Default.Read(System.Text.Encoding.UTF8.GetBytes($"script({arguments.GetRequiredValue(script)})"));
            await using var server = await ScriptedModelServer.StartAsync(standard, arguments.GetRequiredValue(urls));
            await arguments.InvocationConfiguration.Output.WriteLineAsync(server.Address);
            await server.WaitForShutdownAsync();
        });
        return command;
    }
}

using Mka1.Edge.Inference.Weights;
using Mka1.Edge.ModelServer.Tests.Support;
using Microsoft.Extensions.Options;

namespace Mka1.Edge.ModelServer.Tests.Serving;

public sealed class OptionsTests
{
    [Fact]
    public void All_faults_are_told_at_once_each_by_its_key()
    {
        var e = Assert.Throws<OptionsValidationException>(() => ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--ModelServer:Threads", "0"], options =>
        {
            options.Model = "/nowhere/at/all";
            options.ApiKey = "short";
            options.MaxConcurrentRequests = 257;
            options.MaxRequestBytes = 1;
            options.Drain = TimeSpan.FromDays(1);
            options.ThinkingTokens = new() { Low = 5000 };
        }));

        Assert.Equal(
            ["ModelServer:ApiKey", "ModelServer:Drain", "ModelServer:MaxConcurrentRequests", "ModelServer:MaxRequestBytes", "ModelServer:Model", "ModelServer:ThinkingTokens:Medium", "ModelServer:Threads"],
            e.Failures.Select(fault => fault.Split([' ', '.'])[0].TrimEnd(':')).Order(StringComparer.Ordinal));
    }

    [Theory]
#if !TORCH
    [InlineData("ModelServer:Engine is 'torch', but this server was built without TorchSharp. Build it with -p:Torch=cpu or -p:Torch=cuda.", "--engine", "torch", "--device", "cuda:0", "--dtype", "bf16")]
#endif
    [InlineData("ModelServer:Engine is 'onnx'; it must be managed or torch.", "--engine", "onnx")]
    [InlineData("ModelServer:Device is for the engine 'torch'.", "--device", "cuda:0", "--dtype", "bf16")]
    [InlineData("ModelServer:Dtype is for the engine 'torch'.", "--engine", "managed", "--dtype", "bf16")]
    public void An_engine_that_is_not_there_and_settings_of_another_one_are_refused(string fault, params string[] args)
    {
        var e = Assert.Throws<OptionsValidationException>(() => ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--model", EndlessModel.Path, .. args]));

        Assert.Equal([fault], e.Failures);
    }

    [Fact]
    public async Task A_directory_without_a_model_stops_the_start_and_names_the_file()
    {
        var empty = Directory.CreateTempSubdirectory("no-model-");
        try
        {
            await using var app = ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--model", empty.FullName]);

            var e = await Assert.ThrowsAsync<ModelFormatException>(() => app.StartAsync());

            Assert.StartsWith(empty.FullName, e.File, StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }

    [Fact]
    public async Task The_command_line_gives_model_and_name_and_the_directory_names_the_model_otherwise()
    {
        await using var named = ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--model", EndlessModel.Path, "--name", "other"]);
        await using var unnamed = ModelServerHost.Create(["--urls", "http://127.0.0.1:0", "--ModelServer:Model", EndlessModel.Path + Path.DirectorySeparatorChar]);

        Assert.Equal("other", Options(named).ServedName);
        Assert.Equal(Path.GetFileName(EndlessModel.Path), Options(unnamed).ServedName);

        static ModelServerOptions Options(Microsoft.AspNetCore.Builder.WebApplication app) =>
            ((IOptions<ModelServerOptions>)app.Services.GetService(typeof(IOptions<ModelServerOptions>))!).Value;
    }

    [Fact]
    public async Task Running_without_a_model_ends_with_exit_code_1() => Assert.Equal(1, await ModelServerHost.RunAsync([]));
}

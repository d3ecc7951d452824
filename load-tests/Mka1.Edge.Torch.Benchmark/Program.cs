using System.CommandLine;
using Mka1.Edge.Torch.Benchmark;

var device = new Option<string>("--device") { DefaultValueFactory = _ => "cuda:0" };
var dataType = new Option<string>("--dtype") { DefaultValueFactory = _ => "bf16" };
var small = new Option<bool>("--small") { Description = "11 million parameters in place of a billion: to see that it runs, not how fast." };
var batches = new Option<int[]>("--batch") { DefaultValueFactory = _ => [1, 32], AllowMultipleArgumentsPerToken = true };
var context = new Option<int>("--context") { DefaultValueFactory = _ => 512 };
var tokens = new Option<int>("--tokens") { DefaultValueFactory = _ => 128 };
var python = new Option<string>("--python") { DefaultValueFactory = _ => "python3", Description = "An interpreter with PyTorch; empty leaves the peer out." };

var command = new RootCommand("Decodes with a random-weight model on libtorch, beside plain PyTorch and what the memory's bandwidth allows.")
{
    device, dataType, small, batches, context, tokens, python,
};
command.SetAction(result => Comparison.RunAsync(new BenchmarkOptions(
    result.GetValue(device)!,
    result.GetValue(dataType)!,
    result.GetValue(small),
    result.GetValue(batches)!,
    result.GetValue(context),
    result.GetValue(tokens),
    result.GetValue(python)!)));
return await command.Parse(args).InvokeAsync();

using System.CommandLine;
using Mka1.Edge.LoadTests;
using Mka1.Edge.LoadTests.Comparison;
using Mka1.Edge.LoadTests.Running;
using Mka1.Edge.LoadTests.Upstream;

return await new RootCommand("Load tests of Mka1.Edge.") { CompareCommand.Create(), ScenarioCommand.Create(), ScenarioCommand.CreateList(), BenchmarkCommand.Create(), UpstreamCommand.Create() }.Parse(args).InvokeAsync();

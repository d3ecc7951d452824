using System.CommandLine;
using Mka1.Edge.InferenceBench.Constrained;
using Mka1.Edge.InferenceBench.Peer;
using Mka1.Edge.InferenceBench.Throughput;

return await new RootCommand("Speed of the inference engine.") { PeerCommand.Create(), ConstrainedCommand.Create(), ThroughputCommand.Create() }.Parse(args).InvokeAsync();

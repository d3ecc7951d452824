using System.CommandLine;
using Mka1.Edge.InferenceBench.Peer;

return await new RootCommand("Speed of the inference engine.") { PeerCommand.Create() }.Parse(args).InvokeAsync();

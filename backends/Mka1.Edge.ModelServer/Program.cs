using Mka1.Edge.ModelServer;
using Mka1.Edge.ModelServer.Commands;

return ModelCommands.Named(args) ? await ModelCommands.RunAsync(args) : await ModelServerHost.RunAsync(args);

return await Mka1.Edge.ModelServer.ModelServerHost.RunAsync(args);

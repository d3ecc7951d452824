using System.CommandLine;
using Mka1.Edge.LoadTests.NBomber;

return await NBomberCommand.Create().Parse(args).InvokeAsync();

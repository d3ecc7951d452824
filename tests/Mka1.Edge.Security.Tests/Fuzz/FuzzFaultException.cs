namespace Mka1.Edge.Security.Tests.Fuzz;

/// <summary>A fuzzer has found something.</summary>
internal sealed class FuzzFaultException : Exception
{
    public FuzzFaultException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

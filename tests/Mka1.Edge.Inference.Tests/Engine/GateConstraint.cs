using Mka1.Edge.Inference.Constraints;
using Mka1.Edge.Inference.Tokenization;

namespace Mka1.Edge.Inference.Tests.Engine;

/// <summary>Text without an end of turn; stops at a given token until the test lets it go on.</summary>
internal sealed class GateConstraint(int stopAt = int.MaxValue) : ITokenConstraint, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();
    private int _count;

    public Task Reached => _reached.Task;

    public int? ForcedToken => null;

    public void Open() => _open.Set();

    public bool Allows(in Token token) => token.Kind == TokenKind.Text;

    public void Accept(in Token token)
    {
        if (++_count != stopAt)
            return;
        _reached.SetResult();
        _open.Wait();
    }

    public void Dispose() => _open.Dispose();
}

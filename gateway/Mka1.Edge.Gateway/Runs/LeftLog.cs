using Mka1.Edge.Responses;
using Mka1.Edge.Stores;
using Mka1.Edge.Stores.Streams;

namespace Mka1.Edge.Gateway.Runs;

/// <summary>Ends the log of a run in place of whoever wrote it. Best effort: readers find the end in the store, too.</summary>
internal sealed class LeftLog(IStreamLog log)
{
    /// <summary>Closes the log to everyone with a lower fencing token: only then does its length hold still.</summary>
    /// <returns>The number of its next event; null when nothing can be added to it.</returns>
    public async ValueTask<long?> CloseAsync(string responseId, int fence)
    {
        try
        {
            // Without a log nobody knows how far its readers came; the number is then left to them.
            var head = await log.ReadAsync(responseId, after: -1, 1);
            if (head.State != LogState.Open || head.Entries.Count == 0) return null;

            // Writing what stands there already closes it.
            var closed = await log.AppendAsync(responseId, fence, head.Entries, last: false);
            return closed.Outcome == AppendOutcome.Appended ? closed.Next : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Adds the event that ends a closed log.</summary>
    public async ValueTask EndAsync(string responseId, int fence, ResponseStatus status, long sequence, ReadOnlyMemory<byte> body)
    {
        try
        {
            await log.AppendAsync(responseId, fence, [TerminalEntry.Of(status, sequence, body)], last: true);
        }
        catch (StoreUnavailableException)
        {
            // As said.
        }
    }
}

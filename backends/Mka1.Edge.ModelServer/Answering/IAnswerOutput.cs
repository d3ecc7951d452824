using System.Buffers;

namespace Mka1.Edge.ModelServer.Answering;

/// <summary>Where the events of an answer go.</summary>
internal interface IAnswerOutput
{
    /// <summary>Takes the events' bytes.</summary>
    IBufferWriter<byte> Events { get; }

    /// <summary>Sends what was written.</summary>
    /// <exception cref="OperationCanceledException">The reader left, or took nothing for too long.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Says that the answer is still coming.</summary>
    /// <exception cref="OperationCanceledException">The reader left, or took nothing for too long.</exception>
    ValueTask KeepAliveAsync(CancellationToken cancellationToken);
}

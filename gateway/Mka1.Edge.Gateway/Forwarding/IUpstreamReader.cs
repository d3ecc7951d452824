namespace Mka1.Edge.Gateway.Forwarding;

/// <summary>Takes in a model server's answer, once its headers are here.</summary>
internal interface IUpstreamReader
{
    /// <summary>Reads the whole answer. Whatever happens, it leaves the end of the run in its outcome, and of the attempt in that.</summary>
    /// <param name="response">The answer; its body has not been read.</param>
    /// <param name="attempt">Its deadline is extended at each sign of life.</param>
    Task ReadAsync(HttpResponseMessage response, UpstreamAttempt attempt);
}

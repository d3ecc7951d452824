using System.Globalization;
using System.Text;
using Mka1.Edge.Policies.Quota;
using Mka1.Edge.Responses;

namespace Mka1.Edge.Gateway.Quota;

/// <summary>What is set aside for a run, of every token and cost quota of its caller.</summary>
/// <param name="plan">What its caller is held against.</param>
/// <param name="outputTokens">Output tokens set aside.</param>
/// <param name="length">How long it is held.</param>
internal sealed class RunReservation(QuotaPlan plan, long outputTokens, ShareLength length)
{
    public QuotaPlan Plan { get; } = plan;

    public ShareLength Length { get; } = length;

    /// <summary>Output tokens set aside so far.</summary>
    public long OutputTokens { get; set; } = outputTokens;

    /// <summary>The cap that the model server is given in place of the client's; null to leave that as it is.</summary>
    public long? Cap { get; init; }

    /// <summary>What it does to the request; none when the cap stays the client's.</summary>
    public IEnumerable<JsonEdit> Edits => Cap is { } cap ? [JsonEdit.Set("max_output_tokens", Encoding.ASCII.GetBytes(cap.ToString(CultureInfo.InvariantCulture)))] : [];

    /// <summary>Whether the model server has been given a cap, so that no more may be asked for as the stream runs.</summary>
    public bool IsCapped { get; init; }
}

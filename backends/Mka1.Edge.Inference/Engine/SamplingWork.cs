using Mka1.Edge.Inference.Kernels;

namespace Mka1.Edge.Inference.Engine;

/// <summary>Chooses the next token of several sequences side by side; a fault stays with the sequence it belongs to.</summary>
internal sealed class SamplingWork(ComputeTeam team, Action onToken) : IPartitionedWork
{
    // Fewer logits than this are looked through sooner than the team wakes up.
    private const long MinimumForTeam = 64 * 1024;

    private List<Sequence> _sequences = [];

    /// <summary>Chooses for each; the choice stands in the sequence.</summary>
    public void Choose(List<Sequence> sequences, int vocabulary)
    {
        _sequences = sequences;
        if (sequences.Count == 1 || (long)sequences.Count * vocabulary < MinimumForTeam)
            Run(0, 1);
        else
            team.Run(this);
    }

    public void Run(int part, int parts)
    {
        var end = _sequences.Count * (part + 1) / parts;
        for (var i = _sequences.Count * part / parts; i < end; i++)
        {
            try
            {
                _sequences[i].Choose(onToken);
            }
            catch (Exception e)
            {
                // Whatever it is, it belongs to the reader of this stream; the others go on.
                _sequences[i].Fault = e;
            }
        }
    }
}

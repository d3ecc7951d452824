using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>A group of a step on the device.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Rows">[batch · queries] its rows among those of the step.</param>
/// <param name="PageRows">[batch · key-value heads · pages] the rows of the pages' tensor it reads.</param>
/// <param name="Hidden">[batch, 1, 1, queries, positions] true where a query must not look.</param>
internal sealed record DeviceGroup(QueryGroup Shape, Tensor Rows, Tensor PageRows, Tensor Hidden)
{
    /// <summary>The group's rows of a tensor [rows, …].</summary>
    public Tensor Take(Tensor all) =>
        Shape.FirstRow >= 0 ? all.narrow(0, Shape.FirstRow, Shape.Batch * Shape.Queries) : all.index_select(0, Rows);

    /// <summary>Puts the group's rows into a tensor [rows, …].</summary>
    public void Put(Tensor all, Tensor part) => all.index_copy_(0, Rows, part);
}

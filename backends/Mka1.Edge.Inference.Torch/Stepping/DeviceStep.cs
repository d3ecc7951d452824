using static TorchSharp.torch;

namespace Mka1.Edge.Inference.Torch.Stepping;

/// <summary>A step's numbers on the device, in the forms the layers need; they belong to the dispose scope they were made in.</summary>
/// <param name="Rows">How many new tokens.</param>
/// <param name="Ids">[rows]</param>
/// <param name="Cos">Cosines of each row's position, as <see cref="Layers.Rotation.At"/> gives them.</param>
/// <param name="Sin">Sines likewise.</param>
/// <param name="Slots">[rows · key-value heads] where keys and values go.</param>
/// <param name="LastRows">[asked] the rows whose logits are wanted.</param>
/// <param name="Groups">Who attends together.</param>
internal sealed record DeviceStep(int Rows, Tensor Ids, Tensor Cos, Tensor Sin, Tensor Slots, Tensor LastRows, DeviceGroup[] Groups);

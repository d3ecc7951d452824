namespace Mka1.Edge.Inference.Tests.Support;

/// <summary>The transformer written down plainly, in double precision, one position after the other, nothing cached: what the fast one must agree with.</summary>
internal sealed class ReferenceTransformer(TinyModel model)
{
    /// <summary>The logits of what follows each position: [position][vocabulary].</summary>
    public double[][] Logits(int[] ids)
    {
        var x = ids.Select(id => Row("model.embed_tokens", id)).ToArray();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var prefix = $"model.layers.{layer}";
            var attended = Attention(prefix, [.. x.Select(row => Norm($"{prefix}.input_layernorm", row))]);
            x = [.. x.Zip(attended, Add)];
            x = [.. x.Select(row => Add(row, FeedForward(prefix, Norm($"{prefix}.post_attention_layernorm", row))))];
        }
        return [.. x.Select(row => Multiply(model.Tied ? "model.embed_tokens" : "lm_head", Norm("model.norm", row)))];
    }

    private double[][] Attention(string prefix, double[][] x)
    {
        var queries = x.Select((row, p) => Rotate(Multiply($"{prefix}.self_attn.q_proj", row), p)).ToArray();
        var keys = x.Select((row, p) => Rotate(Multiply($"{prefix}.self_attn.k_proj", row), p)).ToArray();
        var values = x.Select(row => Multiply($"{prefix}.self_attn.v_proj", row)).ToArray();
        var size = model.HeadSize;
        var output = new double[x.Length][];
        for (var p = 0; p < x.Length; p++)
        {
            var joined = new double[model.Heads * size];
            for (var head = 0; head < model.Heads; head++)
            {
                var kv = head * model.KeyValueHeads / model.Heads;
                var scores = new double[p + 1];
                for (var q = 0; q <= p; q++)
                {
                    for (var i = 0; i < size; i++)
                        scores[q] += queries[p][(head * size) + i] * keys[q][(kv * size) + i];
                    scores[q] /= Math.Sqrt(size);
                }
                var weights = Softmax(scores);
                for (var q = 0; q <= p; q++)
                {
                    for (var i = 0; i < size; i++)
                        joined[(head * size) + i] += weights[q] * values[q][(kv * size) + i];
                }
            }
            output[p] = Multiply($"{prefix}.self_attn.o_proj", joined);
        }
        return output;
    }

    private double[] FeedForward(string prefix, double[] x)
    {
        if (model.Experts == 0)
            return SwiGlu($"{prefix}.mlp.gate_proj", $"{prefix}.mlp.up_proj", $"{prefix}.mlp.down_proj", x);

        var moe = $"{prefix}.block_sparse_moe";
        var probabilities = Softmax(Multiply($"{moe}.gate", x));
        var chosen = Enumerable.Range(0, model.Experts).OrderByDescending(e => probabilities[e]).Take(model.ExpertsPerToken).ToArray();
        var total = chosen.Sum(e => probabilities[e]);
        var sum = new double[model.Hidden];
        foreach (var e in chosen)
        {
            var y = SwiGlu($"{moe}.experts.{e}.w1", $"{moe}.experts.{e}.w3", $"{moe}.experts.{e}.w2", x);
            sum = Add(sum, [.. y.Select(v => v * probabilities[e] / total)]);
        }
        return sum;
    }

    private double[] SwiGlu(string gate, string up, string down, double[] x)
    {
        var g = Multiply(gate, x);
        var u = Multiply(up, x);
        return Multiply(down, [.. g.Select((v, i) => v / (1 + Math.Exp(-v)) * u[i])]);
    }

    private double[] Rotate(double[] x, int position)
    {
        var result = new double[x.Length];
        var half = model.HeadSize / 2;
        for (var i = 0; i < x.Length; i++)
        {
            var within = i % model.HeadSize;
            var angle = position / Math.Pow(10000.0, 2.0 * (within % half) / model.HeadSize);
            var partner = within < half ? -x[i + half] : x[i - half];
            result[i] = (x[i] * Math.Cos(angle)) + (partner * Math.Sin(angle));
        }
        return result;
    }

    private double[] Norm(string name, double[] x)
    {
        var scale = 1 / Math.Sqrt((x.Sum(v => v * v) / x.Length) + 1e-5);
        return [.. x.Select((v, i) => v * scale * model.Weights[name][i])];
    }

    private double[] Multiply(string name, double[] x)
    {
        var weights = model.Weights[name];
        var y = new double[weights.Length / x.Length];
        for (var row = 0; row < y.Length; row++)
        {
            for (var i = 0; i < x.Length; i++)
                y[row] += weights[(row * x.Length) + i] * x[i];
        }
        return y;
    }

    private double[] Row(string name, int row) => [.. model.Weights[name].Skip(row * model.Hidden).Take(model.Hidden).Select(v => (double)v)];

    private static double[] Softmax(double[] x)
    {
        var exp = x.Select(v => Math.Exp(v - x.Max())).ToArray();
        return [.. exp.Select(v => v / exp.Sum())];
    }

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}

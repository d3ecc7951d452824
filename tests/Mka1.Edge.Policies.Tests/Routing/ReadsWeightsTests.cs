using System.Text;
using System.Text.Json.Nodes;
using Mka1.Edge.Policies.Routing;
using Mka1.Edge.Policies.Routing.Learned;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: a weights file that would score wrongly is refused in words; training gives the same bytes for the same rows.</summary>
public sealed class ReadsWeightsTests
{
    private static readonly Lazy<byte[]> Trained = new(() => Train(Rows()));

    [Theory]
    [InlineData("schema", "2", "schema version 2; this gateway reads version 1")]
    [InlineData("hash", "\"md5\"", "hash is 'md5'")]
    [InlineData("bits", "12", "bits is 12")]
    [InlineData("window", "300", "window is 300")]
    [InlineData("dense", """{"names":["Length"],"mean":[0],"scale":[1]}""", "dense.names")]
    [InlineData("calibration", """{"scores":[0,0],"logits":[0,1]}""", "calibration does not rise")]
    [InlineData("need", """{"bias":0,"dense":[],"hashedScale":1,"hashed":"","treeDepth":1,"treeFeatures":"","treeThresholds":"","treeLeaves":""}""", "need.dense")]
    public void What_does_not_fit_is_named(string member, string value, string fault)
    {
        var file = JsonNode.Parse(Trained.Value)!.AsObject();
        file[member] = JsonNode.Parse(value);
        var refused = Assert.Throws<RoutingWeightsException>(() => RoutingWeights.Parse(Encoding.UTF8.GetBytes(file.ToJsonString())));
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"schema":"1"}""")]
    [InlineData("""{"schema":1}""")]
    public void What_is_no_weights_file_is_refused(string text) =>
        Assert.Throws<RoutingWeightsException>(() => RoutingWeights.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_same_rows_give_the_same_bytes() => Assert.Equal(Trained.Value, Train(Rows()));

    [Fact]
    public void What_the_rows_teach_is_learnt()
    {
        var classifier = new ComplexityClassifier(RoutingWeights.Parse(Trained.Value));
        double Of(string prompt) => classifier.Score(ComplexityFacts.None with { Prompt = prompt }).Probability;
        Assert.True(Of("Please integrate the tensor of blue number 9 over the manifold") > Of("Please name the colour of blue number 9 in the garden") + 0.2);
    }

    [Fact]
    public void The_weights_of_this_release_say_what_they_were_made_from() =>
        Assert.Contains("4 sets, 10629 rows", RoutingWeights.BuiltIn.Version, StringComparison.Ordinal);

    private static byte[] Train(IReadOnlyList<TrainingRow> rows) => new RoutingTrainer(rows, new TrainingSettings { Trees = 5, Penalty = 2 }).Train([], [], _ => { }).Weights;

    /// <summary>Half of them ask for what only the strong model can do.</summary>
    private static List<TrainingRow> Rows()
    {
        string[] things = ["red", "blue", "green", "white", "black"];
        return [.. Enumerable.Range(0, 400).Select(i =>
        {
            var hard = i % 2 == 0;
            var about = $"{things[i % 5]} number {i} {things[i / 5 % 5]}";
            var prompt = hard ? $"Please integrate the tensor of {about} over the manifold" : $"Please name the colour of {about} in the garden";
            return new TrainingRow($"toy-{i % 4}-{i}", i < 200 ? "toy" : "game", $"{i % 4}", prompt, hard ? 0 : 1, 1, [hard ? 0 : 1, hard ? 0 : 1, 1]);
        })];
    }
}

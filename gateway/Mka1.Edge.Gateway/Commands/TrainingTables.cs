using System.Globalization;
using System.Text;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>A training report as text.</summary>
internal static class TrainingTables
{
    public static string Of(TrainingReport report)
    {
        var text = new StringBuilder();
        AddSets(text, "five folds by family", report.Folds);
        AddSets(text, "left out as a whole", report.LeftOut);
        text.AppendLine().AppendLine("share of rows   pool APGR   APGR with three tiers");
        foreach (var point in report.LearningCurve) Line(text, $"{point.Share,13:0.00} {point.PoolApgr,11:0.000} {point.FusionApgr,13:0.000}");
        text.AppendLine().AppendLine("calibration: rows   stated   happened");
        foreach (var bin in report.Calibration) Line(text, $"{bin.Rows,17} {bin.Stated,8:0.000} {bin.Happened,10:0.000}");
        if (report.Tiers is not { } tiers) return text.ToString();
        text.AppendLine();
        Line(text, $"tiers on {tiers.Rows} rows: {tiers.Shares[0]:0.000} quantized, {tiers.Shares[1]:0.000} moe, {tiers.Shares[2]:0.000} dense, mean cost {tiers.Cost:0.00}");
        Line(text, $"quality {tiers.Quality:0.0000}, the same mix at random {tiers.SameMixAtRandom:0.0000}, lift {tiers.Lift:+0.0000;-0.0000}");
        return text.ToString();
    }

    private static void AddSets(StringBuilder text, string title, IReadOnlyList<SetResult> results)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{title,-24}  rows     gap    APGR   CPT50   CPT80   AUROC     ECE");
        foreach (var set in results)
            Line(text, $"{set.Name,-24} {set.Rows,5} {set.Gap,7:0.000} {set.Apgr,7:0.000} {set.Cpt50,7:0.0} {set.Cpt80,7:0.0} {set.Auroc,7:0.000} {set.Ece,7:0.000}");
    }

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}

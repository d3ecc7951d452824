using System.Globalization;
using System.Text;
using Mka1.Edge.Policies.Routing.Training;

namespace Mka1.Edge.Gateway.Commands;

/// <summary>Draws a training report as two SVG files.</summary>
internal static class TrainingPlots
{
    private const int Width = 460;
    private const int Height = 340;
    private const int Left = 60;
    private const int Bottom = 290;
    private const int Right = 440;
    private const int Top = 40;

    public static void Write(DirectoryInfo folder, TrainingReport report)
    {
        folder.Create();
        var most = Math.Max(0.1, report.Calibration.Max(bin => Math.Max(bin.Stated, bin.Happened)) * 1.1);
        File.WriteAllText(
            Path.Combine(folder.FullName, "calibration.svg"),
            Plot("Calibration, cross-validated", "stated probability", "observed frequency", (0, most), (0, most),
            [
                ("#999999", "perfect", [(0, 0), (most, most)]),
                ("#1f5fa8", "weights", [.. report.Calibration.Select(bin => (bin.Stated, bin.Happened))]),
            ]));
        File.WriteAllText(
            Path.Combine(folder.FullName, "learning-curve.svg"),
            Plot("Learning curve, five folds by family", "share of the training rows", "APGR", (0, 1), (0.5, 0.8),
            [
                ("#1f5fa8", "pool", [.. report.LearningCurve.Select(point => (point.Share, point.PoolApgr))]),
                ("#c0561c", "fusion", [.. report.LearningCurve.Select(point => (point.Share, point.FusionApgr))]),
            ]));
    }

    private static string Plot(
        string title, string across, string up, (double From, double To) x, (double From, double To) y,
        IReadOnlyList<(string Colour, string Name, (double X, double Y)[] Points)> lines)
    {
        double AtX(double value) => Left + ((value - x.From) / (x.To - x.From) * (Right - Left));
        double AtY(double value) => Bottom - ((value - y.From) / (y.To - y.From) * (Bottom - Top));
        var svg = new StringBuilder();
        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/><text x=\"{Left}\" y=\"22\" font-size=\"14\">{title}</text>");
        for (var tick = 0; tick <= 5; tick++)
        {
            double vx = x.From + ((x.To - x.From) * tick / 5), vy = y.From + ((y.To - y.From) * tick / 5);
            Line($"<line x1=\"{Left}\" y1=\"{AtY(vy):0.0}\" x2=\"{Right}\" y2=\"{AtY(vy):0.0}\" stroke=\"#dddddd\"/>");
            Line($"<text x=\"{Left - 6}\" y=\"{AtY(vy) + 4:0.0}\" text-anchor=\"end\">{vy:0.00}</text><text x=\"{AtX(vx):0.0}\" y=\"{Bottom + 16}\" text-anchor=\"middle\">{vx:0.00}</text>");
        }

        Line($"<text x=\"{(Left + Right) / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">{across}</text><text x=\"16\" y=\"{(Top + Bottom) / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {(Top + Bottom) / 2})\">{up}</text>");
        for (var i = 0; i < lines.Count; i++)
        {
            var (colour, name, points) = lines[i];
            var path = string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{AtX(p.X):0.0},{AtY(p.Y):0.0}")));
            Line($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"{Left + 10}\" y=\"{Top + 14 + (16 * i)}\" fill=\"{colour}\">{name}</text>");
            foreach (var (px, py) in points) Line($"<circle cx=\"{AtX(px):0.0}\" cy=\"{AtY(py):0.0}\" r=\"3\" fill=\"{colour}\"/>");
        }

        return svg.Append("</svg>\n").ToString();
    }
}

namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>How good the scores are on one set of rows.</summary>
/// <param name="Name">The set.</param>
/// <param name="Rows">Its size.</param>
/// <param name="Gap">Quality of the strong model minus the weak one's.</param>
/// <param name="Apgr">Recovered share of the gap, averaged over all shares of strong calls.</param>
/// <param name="Cpt50">Percent of strong calls that recovers half the gap.</param>
/// <param name="Cpt80">Percent of strong calls that recovers four fifths.</param>
/// <param name="Auroc">How well the score tells rows apart that need the strong model.</param>
/// <param name="Ece">Expected calibration error.</param>
public sealed record SetResult(string Name, int Rows, double Gap, double Apgr, double Cpt50, double Cpt80, double Auroc, double Ece);

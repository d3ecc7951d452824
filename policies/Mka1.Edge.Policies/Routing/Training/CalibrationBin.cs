namespace Mka1.Edge.Policies.Routing.Training;

/// <summary>Rows of about one stated probability, and how often it happened.</summary>
public sealed record CalibrationBin(int Rows, double Share, double Stated, double Happened);

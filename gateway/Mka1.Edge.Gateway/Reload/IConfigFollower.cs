using Mka1.Edge.Gateway.Configuration;

namespace Mka1.Edge.Gateway.Reload;

/// <summary>Something long-lived that has to be made ready before another configuration comes into use, or goes along with it.</summary>
internal interface IConfigFollower
{
    /// <summary>Makes ready whatever may fail.</summary>
    /// <param name="next">What is about to come into use.</param>
    /// <returns>Does the rest as soon as it is in use; never fails. Not called when it does not come into use after all.</returns>
    /// <exception cref="EdgeConfigException">The configuration cannot be used; it does not come into use.</exception>
    Action Prepare(EdgeSnapshot next);
}

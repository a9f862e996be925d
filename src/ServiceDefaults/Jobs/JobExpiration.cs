using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace ServiceDefaults;

/// <summary>How long runs that have ended stay on the page.</summary>
internal sealed class JobExpiration(TimeSpan kept) : JobFilterAttribute, IApplyStateFilter
{
    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = kept;

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // Only where a state begins is it said how long it stays.
    }
}

using Receiver.Batches;

namespace Receiver;

internal static class SubmissionRegistration
{
    public static void AddSubmissions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventIntake>();
        builder.Services.AddSingleton<UserRules>();
        builder.Services.AddSingleton<BatchLines>();
        builder.Services.AddSingleton<Submission>();
        builder.Services.AddSingleton<BatchSubmission>();
    }
}
